/**
 * Baseline JPEGs of 64 by 48 pixels as data: a grey road with no vehicle, one, two, three and four light blocks. They were
 * encoded once as `picture/jpeg.ts` encodes every picture (4:2:0, a restart marker after each row of MCUs), because its
 * encoder takes half a second and threads to start, and thousands of short runs want their pictures at once.
 */

/** Tables and frame header, the same for all. */
const HEADER =
  '/9sAQwAEAwMDAwIEAwMDBAQEBQYKBgYFBQYMCAkHCg4MDw4ODA0NDxEWEw8QFRENDRMaExUXGBkZGQ8SGx0bGB0WGBkY/9sAQwEEBAQGBQYLBgYL' +
  'GBANEBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgY/8AAEQgAMABAAwEiAAIRAQMRAf/EAB8AAAEFAQEB' +
  'AQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYX' +
  'GBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrC' +
  'w8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/EAB8BAAMBAQEBAQEBAQEAAAAAAAABAgMEBQYHCAkKC//EALURAAIBAgQEAwQH' +
  'BQQEAAECdwABAgMRBAUhMQYSQVEHYXETIjKBCBRCkaGxwQkjM1LwFWJy0QoWJDThJfEXGBkaJicoKSo1Njc4OTpDREVGR0hJSlNUVVZXWFlaY2Rl' +
  'ZmdoaWpzdHV2d3h5eoKDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uLj5OXm5+jp6vLz9PX29/j5' +
  '+v/dAAQABA==';

/** From the start of the scan to the end of the file. */
const SCANS = [
  '/9oADAMBAAIRAxEAPwDxLyfajyfatDyfajyfagDP8n2o8n2rQ8n2o8n2oAz/ACfajyfatDyfajyfagDP8n2o8n2rQ8n2o8n2oA//0PMvJ9qPJ9q0' +
    'PJ9qPJ9qAM/yfajyfatDyfajyfagDP8AJ9qPJ9q0PJ9qPJ9qAM/yfajyfatDyfajyfagD//R5LyfajyfatDyfajyfagDP8n2o8n2rQ8n2o8n2oAz' +
    '/J9qPJ9q0PJ9qPJ9qAM/yfajyfatDyfajyfagD//2Q==',
  '/9oADAMBAAIRAxEAPwDxLyfajyfatDyfajyfagDP8n2o8n2rQ8n2o8n2oAz/ACfajyfatDyfajyfagDP8n2o8n2rQ8n2o8n2oA//0Ln/AAzr4z/6' +
    'Ceg/9/pf/jVcl41+G+s+A/sP9r3NhP8AbfM8v7I7tjZtzncq/wB8evevsWvD/wBohN//AAjft9q/9pUAfP3k+1Hk+1aHk+1Hk+1AGf5PtR5PtWh5' +
    'PtR5PtQBn+T7UeT7VoeT7UeT7UAf/9Hvv+F9t/0KX/k//wDa64n4geOz47/s7OkfYPsfm/8ALfzd+/Z/srjGz361zXk+1Hk+1AGf5PtR5PtWh5Pt' +
    'R5PtQBn+T7UeT7VoeT7UeT7UAZ/k+1Hk+1aHk+1Hk+1AH//Z',
  '/9oADAMBAAIRAxEAPwDxLyfajyfatDyfajyfagDP8n2o8n2rQ8n2o8n2oAz/ACfajyfatDyfajyfagDP8n2o8n2rQ8n2o8n2oA//0Ln/AAzr4z/6' +
    'Ceg/9/pf/jVcl41+G+s+A/sP9r3NhP8AbfM8v7I7tjZtzncq/wB8evevsWvD/wBohN//AAjft9q/9pUAcv8A8M6+M/8AoJ6D/wB/pf8A41XJeNfh' +
    'vrPgP7D/AGvc2E/23zPL+yO7Y2bc53Kv98evevsWvD/2iE3/APCN+32r/wBpUAfP3k+1Hk+1aHk+1Hk+1AGf5PtR5PtWh5PtR5PtQB//0e+/4X23' +
    '/Qpf+T//ANrrifiB47Pjv+zs6R9g+x+b/wAt/N379n+yuMbPfrXNeT7UeT7UAet/8L7b/oUv/J//AO11xPxA8dnx3/Z2dI+wfY/N/wCW/m79+z/Z' +
    'XGNnv1rmvJ9qPJ9qAM/yfajyfatDyfajyfagDP8AJ9qPJ9q0PJ9qPJ9qAP/Z',
  '/9oADAMBAAIRAxEAPwDxLyfajyfatDyfajyfagDP8n2o8n2rQ8n2o8n2oAz/ACfajyfatDyfajyfagDP8n2o8n2rQ8n2o8n2oA//0Ln/AAzr4z/6' +
    'Ceg/9/pf/jVcl41+G+s+A/sP9r3NhP8AbfM8v7I7tjZtzncq/wB8evevsWvD/wBohN//AAjft9q/9pUAcv8A8M6+M/8AoJ6D/wB/pf8A41XJeNfh' +
    'vrPgP7D/AGvc2E/23zPL+yO7Y2bc53Kv98evevsWvD/2iE3/APCN+32r/wBpUAcv/wAM6+M/+gnoP/f6X/41XJeNfhvrPgP7D/a9zYT/AG3zPL+y' +
    'O7Y2bc53Kv8AfHr3r7Frw/8AaITf/wAI37fav/aVAHz95PtR5PtWh5PtR5PtQB//0e+/4X23/Qpf+T//ANrrifiB47Pjv+zs6R9g+x+b/wAt/N37' +
    '9n+yuMbPfrXNeT7UeT7UAet/8L7b/oUv/J//AO11xPxA8dnx3/Z2dI+wfY/N/wCW/m79+z/ZXGNnv1rmvJ9qPJ9qAPW/+F9t/wBCl/5P/wD2uuJ+' +
    'IHjs+O/7OzpH2D7H5v8Ay383fv2f7K4xs9+tc15PtR5PtQBn+T7UeT7VoeT7UeT7UAf/2Q==',
  '/9oADAMBAAIRAxEAPwDxLyfajyfatDyfajyfagDP8n2o8n2rQ8n2o8n2oAz/ACfajyfatDyfajyfagDP8n2o8n2rQ8n2o8n2oA//0Ln/AAzr4z/6' +
    'Ceg/9/pf/jVcl41+G+s+A/sP9r3NhP8AbfM8v7I7tjZtzncq/wB8evevsWvD/wBohN//AAjft9q/9pUAcv8A8M6+M/8AoJ6D/wB/pf8A41XJeNfh' +
    'vrPgP7D/AGvc2E/23zPL+yO7Y2bc53Kv98evevsWvD/2iE3/APCN+32r/wBpUAcv/wAM6+M/+gnoP/f6X/41XJeNfhvrPgP7D/a9zYT/AG3zPL+y' +
    'O7Y2bc53Kv8AfHr3r7Frw/8AaITf/wAI37fav/aVAHL/APDOvjP/AKCeg/8Af6X/AONVyXjX4b6z4D+w/wBr3NhP9t8zy/sju2Nm3Odyr/fHr3r7' +
    'Frw/9ohN/wDwjft9q/8AaVAH/9Hvv+F9t/0KX/k//wDa64n4geOz47/s7OkfYPsfm/8ALfzd+/Z/srjGz361zXk+1Hk+1AHrf/C+2/6FL/yf/wDt' +
    'dcT8QPHZ8d/2dnSPsH2Pzf8Alv5u/fs/2VxjZ79a5ryfajyfagD1v/hfbf8AQpf+T/8A9rrifiB47Pjv+zs6R9g+x+b/AMt/N379n+yuMbPfrXNe' +
    'T7UeT7UAet/8L7b/AKFL/wAn/wD7XXE/EDx2fHf9nZ0j7B9j83/lv5u/fs/2VxjZ79a5ryfajyfagD//2Q==',
];

const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64');

/** Whole files but for the start-of-image marker, by number of vehicles shown. */
export const TINY_SCENES: readonly Buffer[] = SCANS.map((scan) => Buffer.concat([bytesOf(HEADER), bytesOf(scan)]));
