"""What tests share: fakes, makers of graphs, models to compare with."""
