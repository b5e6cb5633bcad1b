-- AuthReferencedByPrimaryKey
create table profiles (id uuid primary key references auth.users (id));
-- broken
create table logins (phone text references auth.users (phone));
