namespace DtMcp.Darktrace.Signing;

/// <summary>
/// The form of the <c>DTAPI-Date</c> header, always UTC. Not switched at run time: an appliance that refuses one form refuses it for a
/// reason.
/// </summary>
public enum DateFormat
{
    /// <summary><c>2026-01-15 09:00:00</c>, which every appliance seen so far takes. Default.</summary>
    Spaced,

    /// <summary><c>2026-01-15T09:00:00</c>.</summary>
    Extended,

    /// <summary><c>20260115T090000</c>, as in the guide's own example.</summary>
    Compact,
}
