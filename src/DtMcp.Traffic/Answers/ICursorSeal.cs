namespace DtMcp.Traffic.Answers;

/// <summary>
/// Marks what a caller is handed to hand back, so that it is known again, and for whom it was. Safe for use by many at once.
/// </summary>
public interface ICursorSeal
{
    /// <summary>The mark of a text: a few letters of base64url.</summary>
    string Mark(string text);

    /// <summary>Whether a mark is that of a text, made for the same caller.</summary>
    bool Fits(string text, string mark);
}
