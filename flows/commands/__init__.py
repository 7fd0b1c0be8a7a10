"""The commands that use the store, each imported when it is called: ``caseline extract`` needs none of them."""
