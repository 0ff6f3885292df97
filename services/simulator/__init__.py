"""A country of publishers that speak HTTP, for the demo and the tests."""
