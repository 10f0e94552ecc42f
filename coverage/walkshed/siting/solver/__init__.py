"""Problems, plans and proofs: pure, and usable without a study."""
