"""The event log: what happened to everybody, for analysts and their tools (CSV, XES, OCEL 2.0); without pseudonyms."""
