using System.Globalization;
using System.Text;

namespace DtMcp.Traffic.Answers;

/// <summary>Text of the network inside a sentence: one line, short, and nothing in it that does not show.</summary>
internal static class PlainText
{
    private const int Longest = 64;

    /// <summary>
    /// In a sentence that is shown as it stands, such as an error's: what would become a link, a tag or other markup is escaped too.
    /// </summary>
    public static string Shown(string text) => SafeText.Of(text, Longest, TextPlace.Markdown);

    /// <summary>In a sentence that is rendered, and escaped, with the answer around it.</summary>

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
            plain.Append(category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate ? "?" : rune.ToString());
        }

        return plain.ToString();
    }
}
