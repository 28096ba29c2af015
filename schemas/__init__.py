"""The schemas that the project holds itself and others to: package data of `muniment`."""
