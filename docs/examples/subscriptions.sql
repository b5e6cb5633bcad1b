-- SubscriptionPresent
create subscription from_warehouse connection 'host=warehouse' publication prices with (connect = false);
alter subscription from_warehouse enable;
-- broken
alter subscription from_warehouse set publication offers with (refresh = false);
