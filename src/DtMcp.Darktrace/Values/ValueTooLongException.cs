namespace DtMcp.Darktrace.Values;

/// <summary>
/// A text longer than <see cref="JsonScalar.LongestToken"/>; the stream's reader turns it into a refusal that says where.
/// </summary>
internal sealed class ValueTooLongException : Exception;
