import { AwsError } from '../../call/aws-error.ts';
import { type AttributeValue, type Item, readValue } from '../values/attribute-value.ts';
import { refusal } from '../values/refusal.ts';
import { ExpressionError, type Token } from './tokens.ts';

/** Values of the placeholders in a request's expressions; keeps track of those that were used. */
export class Placeholders {
  readonly #names: ReadonlyMap<string, string>;
  readonly #values: ReadonlyMap<string, AttributeValue>;
  readonly #unused: Set<string>;

  /** `names` and `values` are ExpressionAttributeNames and ExpressionAttributeValues of a request. */
  constructor(names: Readonly<Record<string, string>> | undefined, values: unknown) {
    this.#names = new Map(entriesOf('ExpressionAttributeNames', '#', names));
    this.#values = new Map(entriesOf('ExpressionAttributeValues', ':', readValues(values)));
    this.#unused = new Set([...this.#names.keys(), ...this.#values.keys()]);
  }

  /** The name of the attribute that `token` means. */
  name({ kind, text }: Token): string {
    if (kind === 'name') {
      if (!isReserved(text)) return text;
      throw new ExpressionError(`Attribute name is a reserved keyword; reserved keyword: ${text}`);
    }
    this.#unused.delete(text);
    const name = this.#names.get(text);
    if (name !== undefined) return name;
    throw new ExpressionError(
      `An expression attribute name used in the document path is not defined; attribute name: ${text}`,
    );
  }

  /** The value that `:text` stands for. */
  value(text: string): AttributeValue {
    this.#unused.delete(text);
    const value = this.#values.get(text);
    if (value !== undefined) return value;
    throw new ExpressionError(
      `An expression attribute value used in expression is not defined; attribute value: ${text}`,
    );
  }

  /** Refuses placeholders that no expression of the request used. */
  mustBeUsed(): void {
    for (const [parameter, sign] of [
      ['ExpressionAttributeNames', '#'],
      ['ExpressionAttributeValues', ':'],
    ] as const) {
      const unused = [...this.#unused].filter((key) => key.startsWith(sign));
      if (unused.length > 0) {
        throw refusal(`Value provided in ${parameter} unused in expressions: keys: {${unused.join(', ')}}`);
      }
    }
  }
}

function readValues(given: unknown): Item | undefined {
  if (given === undefined || given === null) return;
  const values = Object.entries(given).map(([key, value]): [string, AttributeValue] => {
    try {
      return [key, readValue(value)];
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'ValidationException') throw error;
      throw refusal(`ExpressionAttributeValues contains invalid value: ${error.message} for key ${key}`);
    }
  });
  return Object.fromEntries(values);
}

function entriesOf<T>(
  parameter: string,
  sign: '#' | ':',
  given: Readonly<Record<string, T>> | undefined,
): readonly [string, T][] {
  const entries = Object.entries(given ?? {});
  if (given !== undefined && entries.length === 0) throw refusal(`${parameter} must not be empty`);
  for (const [key] of entries) {
    if (key.startsWith(sign) && /^.\w+$/.test(key)) continue;
    throw refusal(`${parameter} contains invalid key: Syntax error; key: "${key}"`);
  }
  return entries;
}

/**
 * Words that may occur in an expression only behind a placeholder.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html
 */
const RESERVED_WORDS: ReadonlySet<string> = new Set(
  `
  ABORT ABSOLUTE ACTION ADD AFTER AGENT AGGREGATE ALL ALLOCATE ALTER ANALYZE AND ANY ARCHIVE ARE ARRAY AS
  ASC ASCII ASENSITIVE ASSERTION ASYMMETRIC AT ATOMIC ATTACH ATTRIBUTE AUTH AUTHORIZATION AUTHORIZE AUTO
  AVG BACK BACKUP BASE BATCH BEFORE BEGIN BETWEEN BIGINT BINARY BIT BLOB BLOCK BOOLEAN BOTH BREADTH BUCKET
  BULK BY BYTE CALL CALLED CALLING CAPACITY CASCADE CASCADED CASE CAST CATALOG CHAR CHARACTER CHECK CLASS
  CLOB CLOSE CLUSTER CLUSTERED CLUSTERING CLUSTERS COALESCE COLLATE COLLATION COLLECTION COLUMN COLUMNS
  COMBINE COMMENT COMMIT COMPACT COMPILE COMPRESS CONDITION CONFLICT CONNECT CONNECTION CONSISTENCY
  CONSISTENT CONSTRAINT CONSTRAINTS CONSTRUCTOR CONSUMED CONTINUE CONVERT COPY CORRESPONDING COUNT COUNTER
  CREATE CROSS CUBE CURRENT CURSOR CYCLE DATA DATABASE DATE DATETIME DAY DEALLOCATE DEC DECIMAL DECLARE
  DEFAULT DEFERRABLE DEFERRED DEFINE DEFINED DEFINITION DELETE DELIMITED DEPTH DEREF DESC DESCRIBE
  DESCRIPTOR DETACH DETERMINISTIC DIAGNOSTICS DIRECTORIES DISABLE DISCONNECT DISTINCT DISTRIBUTE DO DOMAIN
  DOUBLE DROP DUMP DURATION DYNAMIC EACH ELEMENT ELSE ELSEIF EMPTY ENABLE END EQUAL EQUALS ERROR ESCAPE
  ESCAPED EVAL EVALUATE EXCEEDED EXCEPT EXCEPTION EXCEPTIONS EXCLUSIVE EXEC EXECUTE EXISTS EXIT EXPLAIN
  EXPLODE EXPORT EXPRESSION EXTENDED EXTERNAL EXTRACT FAIL FALSE FAMILY FETCH FIELDS FILE FILTER FILTERING
  FINAL FINISH FIRST FIXED FLATTERN FLOAT FOR FORCE FOREIGN FORMAT FORWARD FOUND FREE FROM FULL FUNCTION
  FUNCTIONS GENERAL GENERATE GET GLOB GLOBAL GO GOTO GRANT GREATER GROUP GROUPING HANDLER HASH HAVE HAVING
  HEAP HIDDEN HOLD HOUR IDENTIFIED IDENTITY IF IGNORE IMMEDIATE IMPORT IN INCLUDING INCLUSIVE INCREMENT
  INCREMENTAL INDEX INDEXED INDEXES INDICATOR INFINITE INITIALLY INLINE INNER INNTER INOUT INPUT
  INSENSITIVE INSERT INSTEAD INT INTEGER INTERSECT INTERVAL INTO INVALIDATE IS ISOLATION ITEM ITEMS
  ITERATE JOIN KEY KEYS LAG LANGUAGE LARGE LAST LATERAL LEAD LEADING LEAVE LEFT LENGTH LESS LEVEL LIKE
  LIMIT LIMITED LINES LIST LOAD LOCAL LOCALTIME LOCALTIMESTAMP LOCATION LOCATOR LOCK LOCKS LOG LOGED LONG
  LOOP LOWER MAP MATCH MATERIALIZED MAX MAXLEN MEMBER MERGE METHOD METRICS MIN MINUS MINUTE MISSING MOD
  MODE MODIFIES MODIFY MODULE MONTH MULTI MULTISET NAME NAMES NATIONAL NATURAL NCHAR NCLOB NEW NEXT NO
  NONE NOT NULL NULLIF NUMBER NUMERIC OBJECT OF OFFLINE OFFSET OLD ON ONLINE ONLY OPAQUE OPEN OPERATOR
  OPTION OR ORDER ORDINALITY OTHER OTHERS OUT OUTER OUTPUT OVER OVERLAPS OVERRIDE OWNER PAD PARALLEL
  PARAMETER PARAMETERS PARTIAL PARTITION PARTITIONED PARTITIONS PATH PERCENT PERCENTILE PERMISSION
  PERMISSIONS PIPE PIPELINED PLAN POOL POSITION PRECISION PREPARE PRESERVE PRIMARY PRIOR PRIVATE
  PRIVILEGES PROCEDURE PROCESSED PROJECT PROJECTION PROPERTY PROVISIONING PUBLIC PUT QUERY QUIT QUORUM
  RAISE RANDOM RANGE RANK RAW READ READS REAL REBUILD RECORD RECURSIVE REDUCE REF REFERENCE REFERENCES
  REFERENCING REGEXP REGION REINDEX RELATIVE RELEASE REMAINDER RENAME REPEAT REPLACE REQUEST RESET
  RESIGNAL RESOURCE RESPONSE RESTORE RESTRICT RESULT RETURN RETURNING RETURNS REVERSE REVOKE RIGHT ROLE
  ROLES ROLLBACK ROLLUP ROUTINE ROW ROWS RULE RULES SAMPLE SATISFIES SAVE SAVEPOINT SCAN SCHEMA SCOPE
  SCROLL SEARCH SECOND SECTION SEGMENT SEGMENTS SELECT SELF SEMI SENSITIVE SEPARATE SEQUENCE SERIALIZABLE
  SESSION SET SETS SHARD SHARE SHARED SHORT SHOW SIGNAL SIMILAR SIZE SKEWED SMALLINT SNAPSHOT SOME SOURCE
  SPACE SPACES SPARSE SPECIFIC SPECIFICTYPE SPLIT SQL SQLCODE SQLERROR SQLEXCEPTION SQLSTATE SQLWARNING
  START STATE STATIC STATUS STORAGE STORE STORED STREAM STRING STRUCT STYLE SUB SUBMULTISET SUBPARTITION
  SUBSTRING SUBTYPE SUM SUPER SYMMETRIC SYNONYM SYSTEM TABLE TABLESAMPLE TEMP TEMPORARY TERMINATED TEXT
  THAN THEN THROUGHPUT TIME TIMESTAMP TIMEZONE TINYINT TO TOKEN TOTAL TOUCH TRAILING TRANSACTION TRANSFORM
  TRANSLATE TRANSLATION TREAT TRIGGER TRIM TRUE TRUNCATE TTL TUPLE TYPE UNDER UNDO UNION UNIQUE UNIT
  UNKNOWN UNLOGGED UNNEST UNPROCESSED UNSIGNED UNTIL UPDATE UPPER URL USAGE USE USER USERS USING UUID
  VACUUM VALUE VALUED VALUES VARCHAR VARIABLE VARIANCE VARINT VARYING VIEW VIEWS VIRTUAL VOID WAIT WHEN
  WHENEVER WHERE WHILE WINDOW WITH WITHIN WITHOUT WORK WRAPPED WRITE YEAR ZONE
  `
    .trim()
    .split(/\s+/),
);

/** Whether a name may not stand in an expression as it is, however it is written. */
const isReserved = (name: string): boolean => RESERVED_WORDS.has(name.toUpperCase());
