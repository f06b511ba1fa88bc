import QtQuick
import Alveole

// A list of anything: places, events, notices, steps, counts.
Page {
    id: screen

    onVmChanged: list.toTop()

    RowList {
        id: list

        anchors.fill: parent
        vm: screen.vm
    }
}
