"""From a run to proposals: what people lack, where stations may stand, what is proposed."""
