using System.Globalization;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Requests;

/// <summary>
/// The parameters of one request in the making: absent ones are skipped, numbers invariant, booleans lower case, order kept.
/// </summary>
internal sealed class ParameterList
{
    private readonly List<Parameter> _parameters = [];

    internal ParameterList Add(string key, string? value)
    {
        if (value is not null)
        {
            _parameters.Add(new Parameter(key, value));
        }

        return this;
    }

    internal ParameterList Add(string key, long? value) => Add(key, value?.ToString(CultureInfo.InvariantCulture));

    internal ParameterList Add(string key, NetAddress? address) => Add(key, address?.ToString());

    internal ParameterList Add(string key, bool? value) => Add(key, value switch { true => "true", false => "false", null => null });

    /// <summary>Both ends or none: <c>starttime</c> and <c>endtime</c> in milliseconds.</summary>
    internal ParameterList Add(TimeWindow? window) => Add("starttime", window?.StartMs).Add("endtime", window?.EndMs);

    internal ApplianceRequest To(string endpoint) => new(endpoint, _parameters);
}
