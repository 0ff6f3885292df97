"""The services of Doorstroom; none imports another (command.py excepted)."""
