"""What people would rather look at than read: pictures of a report, made from its outcomes alone."""
