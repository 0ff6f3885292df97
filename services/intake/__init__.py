"""The service of municipalities, certified institutions, courts and expert teams."""
