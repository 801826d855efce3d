using System.Text;

namespace DtMcp.Tests.Rendering;

/// <summary>Texts that break tokens, tables and readers.</summary>
internal static class HostileText
{
    private static readonly string[] Alphabets =
    [
        "qjxzkvwg", "QJXZVKYW", "aAbBqQjJxXzZ", "0123456789abcdef:", "|`[]()<>&*_~#!\\\"'{}$%^=+-@;:,./? ",
        "\u202e\u200b\u2066\ufeff\u0000\u001b\n\r\t\u00a0\u3164\u034f",
        "\u4e00\u9fa5\u8d85\u7e41\uac00\ud7a3", "\u0430\u0454\u0561\u05d0\u0639\u0e01\u0e33\u1780\u1200", "\u0300\u0301\u20dd\u0e31",
        "\u00e9\u00df\u0152\u01c5\u02b0\u2160\u00b2\u0664",
        "it's we'll I'D 'S 're", "http://www.x.y/ javascript:", "\ud800\udc00", "\U0001F468\u200d\U0001F469\U000E0041\U000E0020\U0002A6D6",
    ];

    public static string Next(Random random)
    {
        var text = new StringBuilder();
        for (var parts = random.Next(1, 5); parts > 0; parts--)
        {
            var alphabet = Alphabets[random.Next(Alphabets.Length)];
            for (var length = random.Next(1, random.Next(10) == 0 ? 500 : 30); length > 0; length--)
            {
                text.Append(random.Next(20) == 0 ? (char)random.Next(0x10000) : alphabet[random.Next(alphabet.Length)]);
            }
        }

        return text.ToString();
    }
}
