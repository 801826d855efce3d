using System.Text;

namespace DtMcp.Darktrace.Requests;

/// <summary>
/// A question to <c>GET /devicesearch</c>. Given fields must all match; the words AND and OR are not supported by the appliance. A value
/// may hold <c>*</c>. Without <see cref="SeenSince"/> the appliance takes the last 28 days.
/// </summary>
public sealed record DeviceSearchQuery
{
    /// <summary>Searched in every field.</summary>
    public string? Text { get; init; }

    public string? Label { get; init; }

    public string? Tag { get; init; }

    public string? Type { get; init; }

    public string? Hostname { get; init; }

    public string? Ip { get; init; }

    public string? Mac { get; init; }

    public string? Vendor { get; init; }

    public string? Os { get; init; }

    /// <summary>As in <see cref="DevicesQuery.SeenSince"/>.</summary>
    public string? SeenSince { get; init; }

    /// <summary>Such as <c>hostname:"fin*" tag:"Security Device"</c>; null when nothing is asked, which matches every device.</summary>
    internal string? Compose()
    {
        var query = new StringBuilder();
        Append("label", Label);
        Append("tag", Tag);
        Append("type", Type);
        Append("hostname", Hostname);
        Append("ip", Ip);
        Append("mac", Mac);
        Append("vendor", Vendor);
        Append("os", Os);
        Append(null, Text);
        return query.Length == 0 ? null : query.ToString();

        void Append(string? field, string? value)
        {
            if (value is null)
            {
                return;
            }

            Argument.CheckText(field ?? "text", value, "Give a part of what is looked for, or leave it out.");
            if (value.Contains('"'))
            {
                Argument.Refuse(field ?? "text", "holds a quotation mark, which a search cannot", "Leave it out; * stands for anything.");
            }

            query.Append(query.Length == 0 ? "" : " ").Append(field).Append(field is null ? "" : ":").Append('"').Append(value).Append('"');
        }
    }
}
