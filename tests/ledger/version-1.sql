PRAGMA journal_mode = WAL;
BEGIN TRANSACTION;
CREATE TABLE attempts (
	run INTEGER NOT NULL, 
	identifier VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	started VARCHAR NOT NULL, 
	ended VARCHAR NOT NULL, 
	http_status INTEGER, 
	message VARCHAR NOT NULL, 
	PRIMARY KEY (run, identifier, number), 
	FOREIGN KEY(run) REFERENCES runs (number)
)
 WITHOUT ROWID

;
INSERT INTO "attempts" VALUES(1,'a',1,'2026-11-03T08:30:34.000Z','2026-11-03T08:30:34.000Z',202,'');
INSERT INTO "attempts" VALUES(1,'b',1,'2026-11-03T08:30:34.000Z','2026-11-03T08:30:34.000Z',202,'');
INSERT INTO "attempts" VALUES(1,'c',1,'2026-11-03T08:30:34.000Z','2026-11-03T08:30:34.000Z',202,'');
INSERT INTO "attempts" VALUES(1,'d',1,'2026-11-03T08:30:34.000Z','2026-11-03T08:30:34.000Z',202,'');
CREATE TABLE edition (
	version INTEGER NOT NULL
);
INSERT INTO "edition" VALUES(1);
CREATE TABLE letters (
	destination VARCHAR NOT NULL, 
	identifier VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	content VARCHAR NOT NULL, 
	run INTEGER NOT NULL, 
	"row" INTEGER NOT NULL, 
	channel VARCHAR NOT NULL, 
	pages INTEGER, 
	engine VARCHAR DEFAULT '' NOT NULL, 
	reason VARCHAR DEFAULT '' NOT NULL, 
	request_id VARCHAR DEFAULT '' NOT NULL, 
	http_status INTEGER, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	submitted_at VARCHAR, 
	ended_at VARCHAR, 
	delivery VARCHAR DEFAULT '' NOT NULL, 
	delivery_at VARCHAR, 
	PRIMARY KEY (destination, identifier), 
	CONSTRAINT known_state CHECK (state IN ('pending', 'sending', 'accepted', 'rejected', 'failed', 'unknown', 'invalid')), 
	CONSTRAINT has_identifier CHECK (identifier <> ''), 
	FOREIGN KEY(run) REFERENCES runs (number)
)
 WITHOUT ROWID

;
INSERT INTO "letters" VALUES('https://api.example.com','a','accepted','content-1',1,2,'PRINT',1,'plutoprint 0.23.0','','request of a',202,1,'2026-11-03T08:30:33.164Z','2026-11-03T08:30:34.000Z','',NULL);
INSERT INTO "letters" VALUES('https://api.example.com','b','rejected','content-1',1,2,'PRINT',1,'plutoprint 0.23.0','','request of b',202,1,'2026-11-03T08:30:33.173Z','2026-11-03T08:30:34.000Z','',NULL);
INSERT INTO "letters" VALUES('https://api.example.com','c','failed','content-1',1,2,'PRINT',1,'plutoprint 0.23.0','','request of c',202,1,'2026-11-03T08:30:33.181Z','2026-11-03T08:30:34.000Z','',NULL);
INSERT INTO "letters" VALUES('https://api.example.com','d','unknown','content-1',1,2,'PRINT',1,'plutoprint 0.23.0','','request of d',202,1,'2026-11-03T08:30:33.188Z','2026-11-03T08:30:34.000Z','',NULL);
INSERT INTO "letters" VALUES('https://api.example.com','e','sending','content-1',2,2,'PRINT',1,'plutoprint 0.23.0','','',NULL,0,'2026-11-04T08:30:33.208Z',NULL,'',NULL);
CREATE TABLE runs (
	number INTEGER NOT NULL, 
	destination VARCHAR NOT NULL, 
	list_path VARCHAR NOT NULL, 
	list_digest VARCHAR NOT NULL, 
	template_digest VARCHAR NOT NULL, 
	engine VARCHAR NOT NULL, 
	snapshot VARCHAR NOT NULL, 
	options VARCHAR NOT NULL, 
	process VARCHAR NOT NULL, 
	started VARCHAR NOT NULL, 
	ended VARCHAR, 
	"end" VARCHAR, 
	counts VARCHAR NOT NULL, 
	PRIMARY KEY (number), 
	CONSTRAINT known_end CHECK ("end" IN ('complete', 'stopped'))
);
INSERT INTO "runs" VALUES(1,'https://api.example.com','tenants.csv','list-1','template-1','plutoprint 0.23.0','ledger.snapshots/mailing-20261103T083000.123456Z','{"mailing": "mailing.toml", "rows": null, "limit": null, "other_list": null}','4711 on desk','2026-11-03T08:30:33.156Z','2026-11-03T08:30:33.196Z','complete','{"accepted": 1, "failed": 1, "rejected": 1, "unknown": 1}');
INSERT INTO "runs" VALUES(2,'https://api.example.com','tenants.csv','list-1','template-1','plutoprint 0.23.0','ledger.snapshots/mailing-20261104T083000.123456Z','{"mailing": "mailing.toml", "rows": null, "limit": null, "other_list": null}','4711 on desk','2026-11-04T08:30:33.202Z',NULL,NULL,'{}');
CREATE TABLE settlements (
	number INTEGER NOT NULL, 
	destination VARCHAR NOT NULL, 
	identifier VARCHAR NOT NULL, 
	decided VARCHAR NOT NULL, 
	was VARCHAR NOT NULL, 
	became VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	PRIMARY KEY (number)
);
CREATE TRIGGER letters_begin BEFORE INSERT ON letters WHEN NEW.state NOT IN ('invalid', 'sending')
                BEGIN SELECT RAISE(ABORT, 'no letter begins in this state'); END;
CREATE TRIGGER letters_go_on BEFORE UPDATE OF state ON letters WHEN NOT ((OLD.state = 'pending' AND NEW.state IN ('invalid', 'sending')) OR (OLD.state = 'sending' AND NEW.state IN ('accepted', 'failed', 'rejected', 'unknown')) OR (OLD.state = 'rejected' AND NEW.state IN ('invalid', 'pending', 'sending')) OR (OLD.state = 'failed' AND NEW.state IN ('invalid', 'pending', 'sending')) OR (OLD.state = 'unknown' AND NEW.state IN ('accepted', 'failed', 'pending', 'rejected', 'sending')) OR (OLD.state = 'invalid' AND NEW.state IN ('invalid', 'sending')))
                BEGIN SELECT RAISE(ABORT, 'this state cannot follow that one'); END;
CREATE TRIGGER letters_stay BEFORE DELETE ON letters WHEN OLD.destination <> 'sandbox'
                BEGIN SELECT RAISE(ABORT, 'the ledger never forgets a letter'); END;
COMMIT;
