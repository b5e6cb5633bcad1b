-- LanguagePresent, apart
-- broken
alter language plpgsql rename to pgsql;
