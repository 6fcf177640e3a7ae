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
INSERT INTO "attempts" VALUES(1,'test-1001',1,'2026-11-28T17:12:30.449Z','2026-11-28T17:12:30.454Z',202,'');
INSERT INTO "attempts" VALUES(1,'test-1002',1,'2026-11-28T17:12:30.457Z','2026-11-28T17:12:30.555Z',202,'');
INSERT INTO "attempts" VALUES(1,'test-1003',1,'2026-11-28T17:12:30.458Z','2026-11-28T17:12:30.658Z',202,'');
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
INSERT INTO "letters" VALUES('{destination}','test-1001','accepted','55eb63d0f9d8b43332b637f05b5bdd38',1,2,'PRINT',1,'plutoprint 0.23.0','','test-1001',202,1,'2026-11-28T17:12:30.442Z','2026-11-28T17:12:30.454Z','',NULL);
INSERT INTO "letters" VALUES('{destination}','test-1002','accepted','f75311b9b62a9f7f6ab38b22754cef7b',1,3,'PRINT',1,'plutoprint 0.23.0','','test-1002',202,1,'2026-11-28T17:12:30.454Z','2026-11-28T17:12:30.556Z','',NULL);
INSERT INTO "letters" VALUES('{destination}','test-1003','accepted','9fce0bc382e515d1edeacc506ec1b750',1,4,'PRINT',1,'plutoprint 0.23.0','','test-1003',202,1,'2026-11-28T17:12:30.454Z','2026-11-28T17:12:30.658Z','',NULL);
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
INSERT INTO "runs" VALUES(1,'{destination}','list.xlsx','4f6bfaf1b02b2d1c13c65161ead5c4a38f34db0b2c44c5bc82e0c218298db4e9','1fa188fe3b3bc3e832f3443ecd0903551770738a45b32a1e7f46e261ae691034','plutoprint 0.23.0','ledger.snapshots/mailing-20261128T171228.503560Z','{"mailing": "mailing.toml", "rows": null, "limit": null, "other_list": null}','4711 on desk','2026-11-28T17:12:29.207Z','2026-11-28T17:12:30.687Z','complete','{"accepted": 3}');
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
