till-title = Kasse
