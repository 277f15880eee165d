"""The print kit: posters, cards, tables, plan, programme, certificates, guides."""
