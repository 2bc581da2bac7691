"""How people come in: proofs that somebody reads an address, and sessions. Knows neither donors nor staff."""
