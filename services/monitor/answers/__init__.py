"""The figures over HTTP: who asks, what exactly, as known when; and the releases that those outside get."""
