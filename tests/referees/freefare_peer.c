/* libfreefare as a referee: its card commands, one a line, over frames that the test carries.
 *
 * In:   "<command> <argument> …"; numbers in C's notation, bytes in hex.
 * Out:  "APDU <hex>" asks for the card's answer ("<hex>" on the next line in), then
 *       "OK <result>", or "ERR <status of the card> <status of the reader's side>".
 *
 * Debian's libnfc has no PC/SC driver: the few functions of it that libfreefare calls are
 * defined here, and the program's own definitions win over the library's.
 */
#include <freefare.h>
#include <nfc/nfc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 4096
#define BYTES_MAX 1024
#define WORDS_MAX 12
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static MifareTag tag;
static char *word[WORDS_MAX]; /* the command and its arguments */

static size_t from_hex(const char *text, uint8_t *bytes, size_t room) {
    size_t count = strlen(text) / 2;
    if (count > room)
        exit(2);
    for (size_t at = 0; at < count; at++) {
        unsigned int one;
        if (sscanf(text + 2 * at, "%2x", &one) != 1)
            exit(2);
        bytes[at] = (uint8_t)one;
    }
    return count;
}

static void print_hex(const uint8_t *bytes, size_t count) {
    for (size_t at = 0; at < count; at++)
        printf("%02X", bytes[at]);
}

/* libnfc's part */

int nfc_initiator_transceive_bytes(nfc_device *device, const uint8_t *sent, const size_t sent_count,
                                   uint8_t *got, const size_t room, int timeout) {
    char line[LINE_MAX_BYTES];
    (void)device;
    (void)timeout;
    printf("APDU ");
    print_hex(sent, sent_count);
    printf("\n");
    fflush(stdout);
    if (!fgets(line, sizeof line, stdin))
        return NFC_EIO;
    line[strcspn(line, "\n")] = '\0';
    return (int)from_hex(line, got, room);
}

int nfc_initiator_select_passive_target(nfc_device *device, const nfc_modulation modulation,
                                        const uint8_t *data, const size_t count,
                                        nfc_target *target) {
    (void)device, (void)modulation, (void)data, (void)count, (void)target;
    return 1;
}

int nfc_initiator_deselect_target(nfc_device *device) {
    (void)device;
    return NFC_SUCCESS;
}

int nfc_initiator_init(nfc_device *device) {
    (void)device;
    return NFC_SUCCESS;
}

int nfc_device_set_property_bool(nfc_device *device, const nfc_property property, const bool on) {
    (void)device, (void)property, (void)on;
    return NFC_SUCCESS;
}

int nfc_device_get_last_error(const nfc_device *device) {
    (void)device;
    return NFC_SUCCESS;
}

const char *nfc_strerror(const nfc_device *device) {
    (void)device;
    return "";
}

/* The commands: each gives the library's result, negative on an error; text goes before it. */

static uint8_t result[BYTES_MAX];
static size_t result_count;

static long number(int at) { return strtol(word[at], NULL, 0); }

static MifareDESFireKey key_of(int at, int version_at) {
    uint8_t value[16];
    from_hex(word[at], value, sizeof value);
    uint8_t version = version_at ? (uint8_t)number(version_at) : 0;
    return mifare_desfire_aes_key_new_with_version(value, version);
}

static MifareDESFireAID aid_of(int at) {
    uint8_t sent[3];
    from_hex(word[at], sent, sizeof sent);
    return mifare_desfire_aid_new((uint32_t)(sent[0] | sent[1] << 8 | sent[2] << 16));
}

static void keep(const void *bytes, size_t count) {
    memcpy(result, bytes, count);
    result_count = count;
}

static int run_select(void) {
    MifareDESFireAID aid = aid_of(1);
    int done = mifare_desfire_select_application(tag, aid);
    free(aid);
    return done;
}

static int run_authenticate(void) { /* key number, key */
    MifareDESFireKey key = key_of(2, 0);
    int done = mifare_desfire_authenticate_aes(tag, (uint8_t)number(1), key);
    mifare_desfire_key_free(key);
    return done;
}

static int run_uid(void) {
    char *uid = NULL;
    int done = mifare_desfire_get_card_uid(tag, &uid);
    if (done >= 0)
        result_count = from_hex(uid, result, sizeof result);
    free(uid);
    return done;
}

static int run_version(void) {
    struct mifare_desfire_version_info info;
    int done = mifare_desfire_get_version(tag, &info);
    keep(info.uid, sizeof info.uid);
    return done;
}

static int run_create_application(void) { /* AID, settings, number of keys */
    MifareDESFireAID aid = aid_of(1);
    int done = mifare_desfire_create_application_aes(tag, aid, (uint8_t)number(2),
                                                     (uint8_t)number(3));
    free(aid);
    return done;
}

static int run_format(void) { return mifare_desfire_format_picc(tag); }

static int run_change_key(void) { /* key number, new key, its version, old key */
    MifareDESFireKey new_key = key_of(2, 3), old_key = key_of(4, 0);
    int done = mifare_desfire_change_key(tag, (uint8_t)number(1), new_key, old_key);
    mifare_desfire_key_free(new_key);
    mifare_desfire_key_free(old_key);
    return done;
}

static int run_key_version(void) {
    uint8_t version = 0;
    int done = mifare_desfire_get_key_version(tag, (uint8_t)number(1), &version);
    keep(&version, 1);
    return done;
}

static int run_create_standard(void) { /* file, mode, rights, size */
    return mifare_desfire_create_std_data_file(tag, (uint8_t)number(1), (uint8_t)number(2),
                                               (uint16_t)number(3), (uint32_t)number(4));
}

static int run_create_backup(void) { /* file, mode, rights, size */
    return mifare_desfire_create_backup_data_file(tag, (uint8_t)number(1), (uint8_t)number(2),
                                                  (uint16_t)number(3), (uint32_t)number(4));
}

static int run_create_value(void) { /* file, mode, rights, lower, upper, value, limited credit */
    return mifare_desfire_create_value_file(tag, (uint8_t)number(1), (uint8_t)number(2),
                                            (uint16_t)number(3), (int32_t)number(4),
                                            (int32_t)number(5), (int32_t)number(6),
                                            (uint8_t)number(7));
}

static int run_create_cyclic(void) { /* file, mode, rights, record size, records */
    return mifare_desfire_create_cyclic_record_file(tag, (uint8_t)number(1), (uint8_t)number(2),
                                                    (uint16_t)number(3), (uint32_t)number(4),
                                                    (uint32_t)number(5));
}

static int run_files(void) {
    uint8_t *files = NULL;
    size_t count = 0;
    int done = mifare_desfire_get_file_ids(tag, &files, &count);
    if (done >= 0)
        keep(files, count);
    free(files);
    return done;
}

static int run_settings(void) { /* file; gives type, mode, rights with the low byte first */
    struct mifare_desfire_file_settings found;
    int done = mifare_desfire_get_file_settings(tag, (uint8_t)number(1), &found);
    uint8_t told[4] = {found.file_type, found.communication_settings,
                       (uint8_t)(found.access_rights & 0xFF), (uint8_t)(found.access_rights >> 8)};
    keep(told, sizeof told);
    return done;
}

static int run_read(void) { /* file, length, mode */
    result_count = (size_t)number(2);
    if (result_count > sizeof result / 2)
        exit(2); /* the library writes padding behind the data */
    return (int)mifare_desfire_read_data_ex(tag, (uint8_t)number(1), 0, result_count, result,
                                            (int)number(3));
}

static int run_write(void) { /* file, bytes, mode */
    uint8_t bytes[BYTES_MAX];
    size_t count = from_hex(word[2], bytes, sizeof bytes);
    return (int)mifare_desfire_write_data_ex(tag, (uint8_t)number(1), 0, count, bytes,
                                             (int)number(3));
}

static int run_value(void) { /* file, mode */
    int32_t value = 0;
    int done = mifare_desfire_get_value_ex(tag, (uint8_t)number(1), &value, (int)number(2));
    keep(&value, sizeof value);
    return done;
}

static int run_credit(void) { /* file, amount, mode */
    return mifare_desfire_credit_ex(tag, (uint8_t)number(1), (int32_t)number(2), (int)number(3));
}

static int run_debit(void) { /* file, amount, mode */
    return mifare_desfire_debit_ex(tag, (uint8_t)number(1), (int32_t)number(2), (int)number(3));
}

static int run_limited_credit(void) { /* file, amount, mode */
    return mifare_desfire_limited_credit_ex(tag, (uint8_t)number(1), (int32_t)number(2),
                                            (int)number(3));
}

static int run_write_record(void) { /* file, bytes, mode */
    uint8_t bytes[BYTES_MAX];
    size_t count = from_hex(word[2], bytes, sizeof bytes);
    return (int)mifare_desfire_write_record_ex(tag, (uint8_t)number(1), 0, count, bytes,
                                               (int)number(3));
}

static int run_read_records(void) { /* file, count, record size, mode */
    result_count = (size_t)(number(2) * number(3));
    if (result_count > sizeof result / 2)
        exit(2);
    return (int)mifare_desfire_read_records_ex(tag, (uint8_t)number(1), 0, (size_t)number(2),
                                               result, (int)number(4));
}

static int run_commit(void) { return mifare_desfire_commit_transaction(tag); }

static int run_abort(void) { return mifare_desfire_abort_transaction(tag); }

static const struct {
    const char *name;
    int arguments;
    int (*run)(void);
} commands[] = {
    {"select", 1, run_select},
    {"authenticate", 2, run_authenticate},
    {"uid", 0, run_uid},
    {"version", 0, run_version},
    {"create_application", 3, run_create_application},
    {"format", 0, run_format},
    {"change_key", 4, run_change_key},
    {"key_version", 1, run_key_version},
    {"create_standard", 4, run_create_standard},
    {"create_backup", 4, run_create_backup},
    {"create_value", 7, run_create_value},
    {"create_cyclic", 5, run_create_cyclic},
    {"files", 0, run_files},
    {"settings", 1, run_settings},
    {"read", 3, run_read},
    {"write", 3, run_write},
    {"value", 2, run_value},
    {"credit", 3, run_credit},
    {"debit", 3, run_debit},
    {"limited_credit", 3, run_limited_credit},
    {"write_record", 3, run_write_record},
    {"read_records", 4, run_read_records},
    {"commit", 0, run_commit},
    {"abort", 0, run_abort},
};

static void serve(char *line) {
    int count = 0;
    for (char *one = strtok(line, " \n"); one && count < WORDS_MAX; one = strtok(NULL, " \n"))
        word[count++] = one;
    for (size_t at = 0; count && at < COUNT(commands); at++) {
        if (strcmp(commands[at].name, word[0]) || commands[at].arguments != count - 1)
            continue;
        result_count = 0;
        if (commands[at].run() < 0) {
            printf("ERR %02X %02X\n", mifare_desfire_last_picc_error(tag),
                   mifare_desfire_last_pcd_error(tag));
        } else {
            printf("OK ");
            print_hex(result, result_count);
            printf("\n");
        }
        fflush(stdout);
        return;
    }
    exit(2);
}

int main(void) {
    static uint8_t device[1024]; /* never looked into: every call on it is answered above */
    nfc_iso14443a_info card = {.btSak = 0x20,
                               .szUidLen = 7,
                               .abtUid = {0x04},
                               .szAtsLen = 5,
                               .abtAts = {0x75, 0x77, 0x81, 0x02, 0x80}};
    char line[LINE_MAX_BYTES];
    tag = freefare_tag_new((nfc_device *)device, card);
    if (!tag || mifare_desfire_connect(tag) < 0)
        return 1;
    while (fgets(line, sizeof line, stdin))
        serve(line);
    return 0;
}
