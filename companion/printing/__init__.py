"""The print kit: posters, cards, tables, plan, programme, certificates, guides; each code read again before it leaves."""
