-- Accounting: deferred foreign keys in a circle, a deferred trigger that wants balanced entries, periods, a closed year.
create schema acc;
set search_path = acc, public;

create type side as enum ('debit', 'credit');
create table companies (
    id int primary key,
    name text not null,
    vat text unique check (vat ~ '^(DE[0-9]{9}|FR[0-9A-Z]{2}[0-9]{9}|ATU[0-9]{8})$'),
    base_currency char(3) not null check (base_currency in ('EUR', 'USD', 'CHF')),
    fiscal_start smallint not null default 1 check (fiscal_start between 1 and 12),
    head_account int not null
);
create table accounts (
    id int primary key,
    company_id int not null references companies deferrable initially deferred,
    code text not null check (code ~ '^[1-9][0-9]{3}$'),
    kind text not null check (kind in ('asset', 'liability', 'equity', 'income', 'expense')),
    normal side not null,
    parent_id int references accounts,
    unique (company_id, code),
    unique (company_id, id),
    check (case when kind in ('asset', 'expense') then normal = 'debit' else normal = 'credit' end)
);
alter table companies add foreign key (head_account) references accounts deferrable initially immediate;
create table periods (
    company_id int not null references companies,
    year int not null check (year between 1990 and 2100),
    month int not null check (month between 1 and 12),
    first_day date not null,
    last_day date not null,
    closed boolean not null default false,
    closed_at timestamptz,
    primary key (company_id, year, month),
    check (extract(year from first_day) = year and extract(month from first_day) = month and extract(day from first_day) = 1),
    check (last_day > first_day and last_day - first_day between 27 and 30),
    check (closed or closed_at is null)
);
create table entries (
    id bigint primary key,
    company_id int not null,
    year int not null, month int not null,
    booked_on date not null,
    text text not null check (length(text) >= 3),
    reverses bigint unique references entries,
    foreign key (company_id, year, month) references periods,
    unique (company_id, id)
);
create table lines (
    entry_id bigint not null,
    company_id int not null,
    number smallint not null check (number > 0),
    account_id int not null,
    side side not null,
    amount numeric(14, 2) not null check (amount > 0),
    primary key (entry_id, number),
    foreign key (company_id, entry_id) references entries (company_id, id) deferrable initially deferred,
    foreign key (company_id, account_id) references accounts (company_id, id)
);
create function balanced() returns trigger language plpgsql as $$
declare
    difference numeric;
begin
    select sum(case side when 'debit' then amount else -amount end) into difference from acc.lines where entry_id = coalesce(new.entry_id, old.entry_id);
    if difference <> 0 then
        raise exception 'entry % is out of balance by %', new.entry_id, difference;
    end if;
    return null;
end $$;
create constraint trigger balanced after insert or update or delete on lines deferrable initially deferred for each row execute function balanced();
create table exchange_rates (
    base char(3) not null check (base ~ '^[A-Z]{3}$'),
    quote char(3) not null check (quote ~ '^[A-Z]{3}$'),
    day date not null,
    rate numeric(18, 8) not null check (rate > 0),
    inverse numeric(18, 8) generated always as (1 / rate) stored,
    check (base <> quote),
    primary key (base, quote, day)
);
create table invoices (
    id bigint primary key,
    company_id int not null references companies,
    number text not null check (number ~ '^(19|20)\d\d/\d{5}$'),
    net numeric(12, 2) not null check (net > 0),
    vat_rate numeric(4, 3) not null check (vat_rate in (0, 0.070, 0.190)),
    vat numeric(12, 2) not null,
    gross numeric(12, 2) not null,
    issued date not null,
    due date not null,
    paid date,
    dunning smallint not null default 0 check (dunning between 0 and 3),
    unique (company_id, number),
    check (vat = round(net * vat_rate, 2)),
    check (gross = net + vat),
    check (due >= issued and due <= issued + 90),
    check (paid >= issued)
);
create table budgets (
    account_id int references accounts,
    year int check (year > 2000),
    quarter1 numeric not null, quarter2 numeric not null, quarter3 numeric not null, quarter4 numeric not null,
    total numeric not null check (total = quarter1 + quarter2 + quarter3 + quarter4),
    approved_by text, approved_on date,
    check ((approved_by is null) = (approved_on is null)),
    primary key (account_id, year)
);
create table assets (
    id int primary key,
    account_id int not null references accounts,
    cost money not null check (cost > '0'::money),
    life_years int not null check (life_years in (3, 5, 8, 10, 25)),
    bought date not null, sold date,
    check (sold is null or sold > bought),
    serial "char" not null default 'A'
);
create function year_open() returns trigger language plpgsql as $$
begin
    if exists (select 1 from acc.periods p where p.company_id = new.company_id and p.year = new.year and p.month = new.month and p.closed) then
        raise exception 'the period is closed' using errcode = 'P0001';
    end if;
    return new;
end $$;
create trigger year_open before insert on entries for each row execute function year_open();
