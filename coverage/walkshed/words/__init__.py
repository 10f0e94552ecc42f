"""Every sentence that a reader sees, in Chinese and English as equals; every figure comes from a value below."""
