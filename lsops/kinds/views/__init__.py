"""Tabs of the Data Manager, with the columns and conditions that they name."""
