"""Shapes of full blocks, which every console font has."""
