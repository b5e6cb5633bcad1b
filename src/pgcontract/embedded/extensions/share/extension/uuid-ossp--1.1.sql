-- A stand-in for contrib/uuid-ossp in SQL and PL/pgSQL: the same functions, signatures and labels, for a Postgres that
-- was built without a UUID library. See https://www.postgresql.org/docs/18/uuid-ossp.html for what each one is to do.
--
-- The extension is relocatable, so no function may call another of its own, and each must work whatever the caller's
-- search_path is: every name is qualified, or the function sets the path itself.

\echo Use "CREATE EXTENSION "uuid-ossp"" to load this file. \quit

CREATE FUNCTION uuid_nil() RETURNS pg_catalog.uuid
    IMMUTABLE STRICT PARALLEL SAFE
    RETURN '00000000-0000-0000-0000-000000000000'::pg_catalog.uuid;

-- The namespaces of RFC 9562, section 6.6.

CREATE FUNCTION uuid_ns_dns() RETURNS pg_catalog.uuid
    IMMUTABLE STRICT PARALLEL SAFE
    RETURN '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::pg_catalog.uuid;

CREATE FUNCTION uuid_ns_url() RETURNS pg_catalog.uuid
    IMMUTABLE STRICT PARALLEL SAFE
    RETURN '6ba7b811-9dad-11d1-80b4-00c04fd430c8'::pg_catalog.uuid;

CREATE FUNCTION uuid_ns_oid() RETURNS pg_catalog.uuid
    IMMUTABLE STRICT PARALLEL SAFE
    RETURN '6ba7b812-9dad-11d1-80b4-00c04fd430c8'::pg_catalog.uuid;

CREATE FUNCTION uuid_ns_x500() RETURNS pg_catalog.uuid
    IMMUTABLE STRICT PARALLEL SAFE
    RETURN '6ba7b814-9dad-11d1-80b4-00c04fd430c8'::pg_catalog.uuid;

-- Versions 1 and 1mc: 60 bits of time in units of 100 ns since 1582-10-15, 14 bits of clock sequence, 48 of node.
-- SQL sees no MAC address. As RFC 9562, section 6.10, asks of a node that is none, the multicast bit is set; version 1
-- keeps one node for as long as the server runs, 1mc draws one for each call. The clock has microseconds only, so the
-- clock sequence is drawn for each call too: two calls within one microsecond differ by it.

CREATE FUNCTION uuid_generate_v1() RETURNS pg_catalog.uuid
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- From 1582-10-15 to 1970-01-01 there are 141,427 days.
    ticks bigint := (extract(epoch FROM clock_timestamp()) * 10000000)::bigint + 122192928000000000;
    stamp text := lpad(to_hex(ticks), 15, '0');
    drawn bytea := uuid_send(gen_random_uuid());
    sequence text := to_hex(32768 + (get_byte(drawn, 14) * 256 + get_byte(drawn, 15)) % 16384);
    node bytea := decode(substr(md5(extract(epoch FROM pg_postmaster_start_time())::text), 1, 12), 'hex');
BEGIN
    node := set_byte(node, 0, get_byte(node, 0) | 1);
    RETURN (substr(stamp, 8, 8) || substr(stamp, 4, 4) || '1' || substr(stamp, 1, 3)
            || sequence || encode(node, 'hex'))::uuid;
END
$$;

CREATE FUNCTION uuid_generate_v1mc() RETURNS pg_catalog.uuid
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticks bigint := (extract(epoch FROM clock_timestamp()) * 10000000)::bigint + 122192928000000000;
    stamp text := lpad(to_hex(ticks), 15, '0');
    drawn bytea := uuid_send(gen_random_uuid());
    sequence text := to_hex(32768 + (get_byte(drawn, 14) * 256 + get_byte(drawn, 15)) % 16384);
    node bytea := substr(drawn, 1, 6);
BEGIN
    node := set_byte(node, 0, get_byte(node, 0) | 1);
    RETURN (substr(stamp, 8, 8) || substr(stamp, 4, 4) || '1' || substr(stamp, 1, 3)
            || sequence || encode(node, 'hex'))::uuid;
END
$$;

-- Version 3: the MD5 digest of namespace and name, with version and variant put in.

CREATE FUNCTION uuid_generate_v3(namespace pg_catalog.uuid, name pg_catalog.text) RETURNS pg_catalog.uuid
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    digest bytea := decode(md5(uuid_send(namespace) || convert_to(name, 'UTF8')), 'hex');
BEGIN
    digest := set_byte(digest, 6, (get_byte(digest, 6) & 15) | 48);
    digest := set_byte(digest, 8, (get_byte(digest, 8) & 63) | 128);
    RETURN encode(digest, 'hex')::uuid;
END
$$;

CREATE FUNCTION uuid_generate_v4() RETURNS pg_catalog.uuid
    VOLATILE STRICT PARALLEL SAFE
    RETURN pg_catalog.gen_random_uuid();

-- Version 5: likewise with SHA-1 (FIPS 180-4, section 6.1), which Postgres has no function for. 32-bit words are kept
-- in bigint, and masked after every addition and shift. To Postgres all of << >> & | # bind alike, so brackets count.

CREATE FUNCTION uuid_generate_v5(namespace pg_catalog.uuid, name pg_catalog.text) RETURNS pg_catalog.uuid
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    mask CONSTANT bigint := 4294967295;
    message bytea := uuid_send(namespace) || convert_to(name, 'UTF8');
    bits bigint := length(message)::bigint * 8;
    h0 bigint := 1732584193;  -- 67452301
    h1 bigint := 4023233417;  -- efcdab89
    h2 bigint := 2562383102;  -- 98badcfe
    h3 bigint := 271733878;   -- 10325476
    h4 bigint := 3285377520;  -- c3d2e1f0
    a bigint;
    b bigint;
    c bigint;
    d bigint;
    e bigint;
    f bigint;
    k bigint;
    word bigint;
    words bigint[];
    digest bytea;
BEGIN
    -- A one bit, zeros up to 8 bytes short of a whole block of 64, the length in bits.
    message := message || '\x80'::bytea
               || decode(repeat('00', (119 - length(message) % 64) % 64), 'hex')
               || int8send(bits);
    FOR block IN 0 .. length(message) / 64 - 1 LOOP
        words := '{}';
        FOR i IN 0 .. 15 LOOP
            words[i] := (get_byte(message, block * 64 + i * 4)::bigint << 24)
                      | (get_byte(message, block * 64 + i * 4 + 1)::bigint << 16)
                      | (get_byte(message, block * 64 + i * 4 + 2)::bigint << 8)
                      | get_byte(message, block * 64 + i * 4 + 3)::bigint;
        END LOOP;
        FOR i IN 16 .. 79 LOOP
            word := words[i - 3] # words[i - 8] # words[i - 14] # words[i - 16];
            words[i] := ((word << 1) | (word >> 31)) & mask;
        END LOOP;
        a := h0;
        b := h1;
        c := h2;
        d := h3;
        e := h4;
        FOR i IN 0 .. 79 LOOP
            IF i < 20 THEN
                f := (b & c) | ((b # mask) & d);
                k := 1518500249;  -- 5a827999
            ELSIF i < 40 THEN
                f := b # c # d;
                k := 1859775393;  -- 6ed9eba1
            ELSIF i < 60 THEN
                f := (b & c) | (b & d) | (c & d);
                k := 2400959708;  -- 8f1bbcdc
            ELSE
                f := b # c # d;
                k := 3395469782;  -- ca62c1d6
            END IF;
            word := ((((a << 5) | (a >> 27)) & mask) + f + e + k + words[i]) & mask;
            e := d;
            d := c;
            c := ((b << 30) | (b >> 2)) & mask;
            b := a;
            a := word;
        END LOOP;
        h0 := (h0 + a) & mask;
        h1 := (h1 + b) & mask;
        h2 := (h2 + c) & mask;
        h3 := (h3 + d) & mask;
        h4 := (h4 + e) & mask;
    END LOOP;
    digest := decode(lpad(to_hex(h0), 8, '0') || lpad(to_hex(h1), 8, '0')
                     || lpad(to_hex(h2), 8, '0') || lpad(to_hex(h3), 8, '0'), 'hex');
    digest := set_byte(digest, 6, (get_byte(digest, 6) & 15) | 80);
    digest := set_byte(digest, 8, (get_byte(digest, 8) & 63) | 128);
    RETURN encode(digest, 'hex')::uuid;
END
$$;
