"""Words: scripts, spoken characters, pinyin, the phrase grammar and finding phrases in recognised speech."""
