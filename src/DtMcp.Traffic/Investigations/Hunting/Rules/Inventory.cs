using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Queries.Channels;

namespace DtMcp.Traffic.Investigations.Hunting.Rules;

/// <summary>
/// Whether a source that scans looks like a scanner that someone set up: it has the list of all devices, and does nothing outside. Someone
/// who brought a machine along may look so too, so it is a step less sure and no more.
/// </summary>
internal static class Inventory
{
    public static bool Is(HuntScene scene, int source)
    {
        HashSet<int> tried = [];
        foreach (var id in scene.Ends.From(source))
        {
            ref readonly var channel = ref scene.Book.All[id];
            if (channel.Way != Way.Inside && channel.Answered > 0)
            {
                return false;
            }

            if (channel.IsInVain && channel.Way == Way.Inside)
            {
                tried.Add(channel.Key.Destination);
            }
        }

        var alive = tried.Count(host => IsAlive(scene, host));
        return alive >= HuntRules.InventoryAlive * tried.Count && alive >= HuntRules.InventoryShare * Devices(scene);
    }

    private static int Devices(HuntScene scene)
    {
        var devices = 0;
        for (var host = 0; host < scene.Ends.Hosts; host++)
        {
            devices += scene.IsDevice(host) && IsAlive(scene, host) ? 1 : 0;
        }

        return devices;
    }

    // It began something that was answered.
    private static bool IsAlive(HuntScene scene, int host)
    {
        foreach (var id in scene.Ends.From(host))
        {
            if (scene.Book.All[id].Answered > 0)
            {
                return true;
            }
        }

        return false;
    }
}
