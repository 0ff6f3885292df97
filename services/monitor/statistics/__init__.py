"""Survival, shares, rates and control limits over plain numbers; pure, and exact where the definition says so."""
