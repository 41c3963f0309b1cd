"""The five routers (CN, PA, US, EU, Global): parse, check, ask the world, answer."""
