"""walkshed: who can walk to a community service, who cannot, and where the next station should stand."""
