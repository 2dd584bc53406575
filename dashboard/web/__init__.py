"""What is served beside the pages over plain HTTP and websocket: tiles, layers, live news, assets, health."""
