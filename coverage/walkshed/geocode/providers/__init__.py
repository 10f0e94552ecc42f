"""Online geocoders, one small module each behind one protocol, and chains of them."""
