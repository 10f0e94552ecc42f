"""From an address to a place.

``datums`` shifts coordinates, ``detective`` finds out in which a table stands; ``gazetteer`` places
names and addresses by an extract alone, ``providers`` ask services on the network, ``store`` keeps
what they answer; ``ledger`` joins lists of compounds to their polygons.
"""
