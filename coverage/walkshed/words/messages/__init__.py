"""Messages of the rooms below, said in the reader's language by one catalog each (zh.po)."""
