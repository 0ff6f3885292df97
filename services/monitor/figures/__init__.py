"""The figures of the definitions: what was known and a question in, an answer with its explanation out; pure."""
