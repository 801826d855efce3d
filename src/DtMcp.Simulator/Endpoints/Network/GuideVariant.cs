namespace DtMcp.Simulator.Endpoints.Network;

/// <summary>Which of the guide's variants an answer is, and what the guide shows in each: its panels, their order, its views.</summary>
internal sealed record GuideVariant(bool IsDeviceView, bool ListsExternalDevices, IReadOnlyList<string> Views,
    IReadOnlyList<string> Statuses, IReadOnlyList<string> Panels)
{
    private static readonly string[] DeviceViews = ["Single device", "All devices", "Breach devices"];

    public static GuideVariant Of(NetworkQuery query)
    {
        var isDevice = query.Filter.Did is not null || query.Filter.Ip is not null;
        var isExternal = query.Filter.Internal == false;
        if (!isDevice)
        {
            return new GuideVariant(
                false,
                isExternal,
                ["All subnets", "This subnet"],
                ["Normal", "Unusual", "New", "Breached"],
                ["Views", "Connection Status", "devices", "Subnets", "intext", "protocols", "applicationprotocols"]);
        }

        return isExternal
            ? new GuideVariant(
                true,
                true,
                DeviceViews,
                ["New", "Unusual", "Normal", "Breached"],
                ["Views", "Connection Status", "Remote Ports", "Local Ports", "devices", "intext", "protocols", "applicationprotocols"])
            : new GuideVariant(
                true,
                false,
                DeviceViews,
                ["Normal", "New", "Unusual", "Breached"],
                query.FullDeviceDetails
                    ? ["Views", "Connection Status", "intext", "protocols", "applicationprotocols", "Subnets", "devices", "Local Ports",
                        "Remote Ports"]
                    : ["Views", "Connection Status", "Remote Ports", "Local Ports", "devices", "Subnets", "intext", "protocols",
                        "applicationprotocols"]);
    }
}
