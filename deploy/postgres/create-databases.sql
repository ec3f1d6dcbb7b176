-- Run once, by PostgreSQL's first start on an empty volume: each service owns one database and knows no other.
CREATE DATABASE priolane_tickets;
CREATE DATABASE priolane_accounts;
CREATE DATABASE priolane_sla;
CREATE DATABASE priolane_billing;
CREATE DATABASE priolane_notifications;
-- Used only where EVENT_BUS=postgres takes Kafka's place.
CREATE DATABASE priolane_bus;
