using System.Globalization;
using System.Text;

namespace DtMcp.Traffic.Asking;

/// <summary>Text of the network inside a sentence: one line, short, and nothing in it that does not show.</summary>
internal static class PlainText
{
    private const int Longest = 64;

    public static string Of(string text)
    {
        var plain = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (plain.Length >= Longest)
            {
                return plain.Append("...").ToString();
            }

            var category = Rune.GetUnicodeCategory(rune);
            plain.Append(category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate ? "?" : rune.ToString());
        }

        return plain.ToString();
    }
}
