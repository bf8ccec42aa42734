"""Job advertisements in Chinese, of Lagou and BOSS."""
