"""The respondent's pages, the engine behind them, and the ballot box."""
