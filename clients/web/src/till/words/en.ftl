till-title = Till
