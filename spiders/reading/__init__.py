"""From a decoded page to an article: by a source's selectors where they match, by general reading where not."""
