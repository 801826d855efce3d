using System.Globalization;
using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>Calls worth making next, ready to copy. The window goes along in milliseconds: exact, and no spaces to quote.</summary>
internal static class NextCalls
{
    public static string Of(AnalysisSettings settings, string tool, params string[] arguments) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{tool} {string.Concat(arguments.Select(argument => argument + " "))}starttime={settings.Window.StartMs} " +
            $"endtime={settings.Window.EndMs}");

    /// <summary>One device, by its id where it has one.</summary>
    public static string Device(AnalysisSettings settings, HostTable hosts, int id) =>
        Of(settings, "analyze_device_activity", Focus(hosts, id));

    public static string Focus(HostTable hosts, int id) => hosts.Did(id) != HostTable.NoDid
        ? string.Create(CultureInfo.InvariantCulture, $"did={hosts.Did(id)}")
        : $"ip={hosts.Address(id)}";

    /// <summary>Whether an endpoint can be asked about.</summary>
    public static bool CanFocus(HostTable hosts, int id) => hosts.Did(id) != HostTable.NoDid || hosts.Address(id).IsPresent;
}
