"""The published language: one file per family of facts, the CloudEvent around a fact, and the catalogue of them all."""
