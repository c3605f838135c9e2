"""An OpenAPI document as a page: for the register's own API and for the simulator's part of TECS's."""
